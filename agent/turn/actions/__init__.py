"""What a turn can do, one file an act, each `(TurnContext, …) -> Outcome`. None of them touches the cloud."""
