//! The workshop: the project's repository, its builds and deployments.
