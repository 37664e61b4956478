"""The local web page in which annotators check, correct and adjudicate statements; ``stance review`` serves it."""
