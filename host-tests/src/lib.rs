//! Runs the built artefacts in their hosts.
