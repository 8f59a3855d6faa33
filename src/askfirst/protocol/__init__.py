"""How an observation becomes a prompt, a reply a choice, and both an episode."""
