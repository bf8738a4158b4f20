"""The worked examples that visible tests run, one module for each assignment."""
