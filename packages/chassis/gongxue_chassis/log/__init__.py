"""The commit log: state, outbox and audit trail of a stream in one insert."""
