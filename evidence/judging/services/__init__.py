"""The verbs of judging: facts to outcomes, outcomes to intervals, all of it to each control's standing."""
