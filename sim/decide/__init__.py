"""What a planner decides with: scenarios compared in pairs, why they differ, and which inputs did it."""
