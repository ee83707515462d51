"""The index that finds a customer while a cashier is still typing.

`entries` says what is indexed of a customer, `query` reads what was typed, `candidates` asks the index, `ranking`
grades what it answers, `marks` shows why, `vocabulary` knows names that sound alike or are nearly spelled so, `seen`
whose card was opened lately; `lookup` puts them together. `upkeep` keeps the index in the transaction of the rows, and
`state` knows whether it is whole and fills it anew.

Three measurements shape it (100,000 to 1,000,000 customers): ranking inside the index costs a hundred times more than
ranking 200 unranked rows here; filling it by row triggers costs twice as much as by one statement a page; positions and
column numbers in the index, which nobody asks for, cost half its size.
"""
