"""The local book: one encrypted SQLite file, its writer, its tables and the repositories of the book's port."""
