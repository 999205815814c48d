"""Coverage: for each thing that has to be shown and each programme, the period as expected intervals and what fills each."""
