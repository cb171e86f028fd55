//! Numbers, amounts and times as PostgreSQL prints them. Appends to a buffer; never allocates once that has grown.

/// Seconds of a day.
pub const DAY: u64 = 86_400;

/// Days since 1 January 1930, written once and copied often.
pub struct Calendar {
    days: Vec<[u8; 10]>,
}

impl Calendar {
    /// Writes all days of 1930 to 2029.
    pub fn new() -> Self {
        let mut days = Vec::new();
        for year in 1930..2030_u64 {
            for month in 1..=12 {
                for day in 1..=length(year, month) {
                    let mut text = Vec::with_capacity(10);
                    number(year, &mut text);
                    text.push(b'-');
                    padded(month, 2, &mut text);
                    text.push(b'-');
                    padded(day, 2, &mut text);
                    let mut fixed = [b'0'; 10];
                    fixed.copy_from_slice(&text);
                    days.push(fixed);
                }
            }
        }
        Self { days }
    }

    /// Appends a date.
    #[expect(clippy::as_conversions, reason = "a number of days is an index")]
    pub fn date(&self, day: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.days[day as usize]);
    }

    /// Appends a `timestamp with time zone` in UTC; microseconds without trailing zeros, none if zero.
    pub fn timestamp(&self, second: u64, micros: u64, out: &mut Vec<u8>) {
        self.date(second / DAY, out);
        let second = second % DAY;
        out.push(b' ');
        padded(second / 3600, 2, out);
        out.push(b':');
        padded(second / 60 % 60, 2, out);
        out.push(b':');
        padded(second % 60, 2, out);
        if micros > 0 {
            out.push(b'.');
            padded(micros, 6, out);
            while out.last() == Some(&b'0') {
                out.pop();
            }
        }
        out.extend_from_slice(b"+00");
    }
}

fn length(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Appends a whole number.
pub fn number(n: u64, out: &mut Vec<u8>) {
    let mut width = 1;
    let mut rest = n;
    while rest >= 10 {
        rest /= 10;
        width += 1;
    }
    padded(n, width, out);
}

/// Appends the last `width` digits of a number (at most 20).
#[expect(clippy::as_conversions, reason = "a digit fits a byte")]
pub fn padded(mut n: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    for digit in digits[20 - width..].iter_mut().rev() {
        *digit = b'0' + (n % 10) as u8;
        n /= 10;
    }
    out.extend_from_slice(&digits[20 - width..]);
}

/// Appends an amount in cents.
pub fn cents(n: u64, out: &mut Vec<u8>) {
    number(n / 100, out);
    out.push(b'.');
    padded(n % 100, 2, out);
}

/// Appends the lowest `digits` hexadecimal digits of a number.
#[expect(clippy::as_conversions, reason = "four bits are an index")]
pub fn hex(n: u64, digits: u32, out: &mut Vec<u8>) {
    for i in (0..digits).rev() {
        out.push(b"0123456789abcdef"[(n >> (4 * i) & 15) as usize]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_server_prints() {
        let calendar = Calendar::new();
        let mut out = Vec::new();
        calendar.timestamp(25_567 * DAY + 3 * 3600 + 4 * 60 + 5, 120_300, &mut out);
        out.push(b' ');
        calendar.timestamp(25_567 * DAY, 0, &mut out);
        out.push(b' ');
        cents(1_005, &mut out);
        out.push(b' ');
        hex(0xab3, 4, &mut out);
        assert_eq!(out, b"2000-01-01 03:04:05.1203+00 2000-01-01 00:00:00+00 10.05 0ab3");
    }
}
