"""The decks that come with Studybot; a package, so that they are found in a checkout and in an installed wheel alike."""
