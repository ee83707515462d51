"""What the tills of one shop tell each other through a folder, because no API holds it (design, section 4).

Each till notes what only it knows as facts, numbers them in its book (`outgoing`), and keeps its own sealed file in the
folder up with that (`files`). It reads the others' files up to where they are whole and takes their facts, each once
(`incoming`). Facts about one thing that two tills set differently are settled by their moment, then by the name of the
file they stand in, so that every till comes to the same end in whatever order it reads.
"""
