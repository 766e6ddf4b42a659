"""Authors' words that would answer an exercise, or tell how chance is judged: never ships."""
