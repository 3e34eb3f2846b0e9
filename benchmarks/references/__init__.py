"""What a person would write without Netloom."""
