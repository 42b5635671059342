"""How a migration adds to the desk's synonyms. Django takes no module with an underscore for a migration."""


def add_groups(synonym, groups):
    """Add groups of words; one with a word that the desk has in a group already is left out: what it says stays as it is."""
    taken = {
        member.strip().lower()
        for words in synonym.objects.values_list("words", flat=True)
        for member in words.split(",")
    }
    synonym.objects.bulk_create(
        synonym(words=words)
        for words in groups
        if taken.isdisjoint(member.strip().lower() for member in words.split(","))
    )
