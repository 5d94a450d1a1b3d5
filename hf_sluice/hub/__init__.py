"""Models, architectures and corpora on the Hub: cards, pushes, and names that come from elsewhere made harmless."""
