"""The judge and the authors' words: ships to students whole, and knows no answer of any course."""
