"""The law: policy files as typed data, and rules that are pure functions of columns and the law in force.

Nothing here draws chance or knows the model. `book` reads a policy file; `entitlement`, `priority`,
`subsidies` and `targets` are the rules. A policy number stands in `scenarios/policy/<place>.yaml` only.
"""
