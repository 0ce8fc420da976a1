"""The store: documents in Firestore or in one SQLite file."""
