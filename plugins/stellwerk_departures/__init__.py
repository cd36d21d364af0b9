"""A renderer: the departures board of a railway, and when each train may leave."""
