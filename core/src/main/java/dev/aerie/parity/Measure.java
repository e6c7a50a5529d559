package dev.aerie.parity;

/// The largest difference of one field against its tolerance; `detail` says more where something is wrong.
public record Measure(String field, double difference, double tolerance, String detail) {

    public boolean passed() {
        return difference <= tolerance;
    }

    public static Measure of(String field, double difference, double tolerance) {
        return new Measure(field, difference, tolerance, "");
    }

    /// A field that must be equal: the difference is 0 or infinite.
    public static Measure exact(String field, Object expected, Object actual) {
        return expected.equals(actual)
                ? of(field, 0, 0)
                : failed(field, "expected " + shortened(expected) + ", got " + shortened(actual));
    }

    public static Measure failed(String field, String detail) {
        return new Measure(field, Double.POSITIVE_INFINITY, 0, detail);
    }

    private static String shortened(Object value) {
        var text = String.valueOf(value);
        return text.length() <= 120 ? text : text.substring(0, 120) + "…";
    }
}
