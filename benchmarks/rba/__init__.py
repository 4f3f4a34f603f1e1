"""How do both models fare on real sign-ins? On the public data set for risk-based authentication, for who has the file.

S. Wiefling, P. R. Jørgensen, S. Thunem, L. Lo Iacono, "Pump Up Password Security! Evaluating and Enhancing Risk-Based
Authentication on a Real-World Large-Scale Online Service", TOPS 2022, doi 10.1145/3546069; CC BY 4.0. It is not part of
this project: `docs/howto/measure-attribution.md` says where it is.
"""
