//! The account that was asked.

use std::sync::Arc;

/// Who answered GetCallerIdentity.
#[derive(Debug, Clone)]
pub(super) struct Account {
    /// Twelve digits.
    pub id: Arc<str>,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// ARN as whom we are known.
    pub caller: String,
}
