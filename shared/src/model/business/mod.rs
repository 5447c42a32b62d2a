//! Business: money, customers and the market.

mod customers;
pub mod deal;
pub mod market;
pub mod money;
