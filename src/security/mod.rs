//! What keeps secrets secret lives here: randomness, digests, the signing key, passwords, and photos and HTML made harmless.
//! It never knows who somebody is or what they may do, never touches the database and never writes a secret to a log.
//! It calls no other room; time and randomness reach it as arguments.

pub mod digest;
pub mod html;
pub mod keys;
pub mod passwords;
pub mod photo;
pub mod random;
