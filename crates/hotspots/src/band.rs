//! The class a cell is drawn in on the map.

/// How sure we are that a cell and its neighbours hold more (hot) or fewer (cold) incidents than chance would put there.
/// The number is the confidence in percent after correction for the number of cells tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Band {
    Hot99,
    Hot95,
    Hot90,
    NotSignificant,
    Cold90,
    Cold95,
    Cold99,
}

impl Band {
    /// Every band, from hottest to coldest.
    pub const ALL: [Self; 7] = [Self::Hot99, Self::Hot95, Self::Hot90, Self::NotSignificant, Self::Cold90, Self::Cold95, Self::Cold99];

    /// The band of a Gi* score and its adjusted p value (adjusted p at or below 0.01, 0.05, 0.10).
    #[must_use]
    pub fn of(z: f64, p_adjusted: f64) -> Self {
        let hot = z > 0.0;
        match p_adjusted {
            p if p <= 0.01 => [Self::Cold99, Self::Hot99][usize::from(hot)],
            p if p <= 0.05 => [Self::Cold95, Self::Hot95][usize::from(hot)],
            p if p <= 0.10 => [Self::Cold90, Self::Hot90][usize::from(hot)],
            _ => Self::NotSignificant,
        }
    }

    /// The band's name in the API: `hot_99`, …, `not_significant`, …, `cold_99`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hot99 => "hot_99",
            Self::Hot95 => "hot_95",
            Self::Hot90 => "hot_90",
            Self::NotSignificant => "not_significant",
            Self::Cold90 => "cold_90",
            Self::Cold95 => "cold_95",
            Self::Cold99 => "cold_99",
        }
    }
}

impl std::fmt::Display for Band {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
