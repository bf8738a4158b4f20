"""Known mistakes and odd but right answers, one package for each assignment."""
