"""Reviews of controls: each comes due on its cadence to its owner, who attests it or reports an exception."""
