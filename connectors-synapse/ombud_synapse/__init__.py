"""Ombud before publication, for Synapse: `module: ombud_synapse.Ombud` in homeserver.yaml."""

from ombud_synapse.module import Ombud

__all__ = ["Ombud"]
