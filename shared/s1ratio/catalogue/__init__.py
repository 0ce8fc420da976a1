"""The catalogue: STAC 1.1 items of composites, and the collections and catalogues over them.

Pure: what is known of a composite goes in, a document comes out, as plain JSON. Where documents
lie is `placing`; they refer to each other, and to the files, by relative links alone.
"""
