//! Forms of a report. A renderer knows the report alone.

pub mod json;

pub mod controls;
