//! What fakes are made of, per locale: versioned tables and numbers with their check digits.
