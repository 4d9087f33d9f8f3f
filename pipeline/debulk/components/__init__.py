"""The spaCy components of debulk, registered as `spacy_factories`."""
