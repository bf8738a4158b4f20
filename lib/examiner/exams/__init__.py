"""Hidden exams, one package for each assignment."""
