package dev.aerie.lab.world;

/// The outlines of the seven shapes, about equally large, turned by an angle in radians.
final class Outlines {

    private static final double RING_HOLE = 0.6;
    private static final double STAR_WAIST = 0.42;
    private static final double CROSS_ARM = 0.34;
    private static final double DIAMOND_WIDTH = 0.66;

    private Outlines() {}

    static void paint(Raster raster, Category category, double x, double y, double radius, double turn) {
        switch (category) {
            case CIRCLE -> raster.disc(x, y, 0.92 * radius);
            case RING -> raster.ring(x, y, 0.95 * radius, RING_HOLE * radius);
            default -> raster.polygon(placed(unit(category), x, y, radius, turn));
        }
    }

    /// The corners around the origin, within a circle of radius 1.2.
    private static double[] unit(Category category) {
        return switch (category) {
            case SQUARE -> new double[] {-0.82, -0.82, 0.82, -0.82, 0.82, 0.82, -0.82, 0.82};
            case TRIANGLE -> new double[] {0, -1.02, 0.95, 0.75, -0.95, 0.75};
            case DIAMOND -> new double[] {0, -1.05, DIAMOND_WIDTH, 0, 0, 1.05, -DIAMOND_WIDTH, 0};
            case CROSS -> cross(CROSS_ARM, 0.98);
            case STAR -> star();
            default -> throw new IllegalArgumentException(category + " has no outline");
        };
    }

    private static double[] cross(double arm, double end) {
        return new double[] {
            -arm, -end, arm, -end, arm, -arm, end, -arm, end, arm, arm, arm, arm, end, -arm, end, -arm, arm, -end, arm,
            -end, -arm, -arm, -arm
        };
    }

    private static double[] star() {
        var corners = new double[20];
        for (var i = 0; i < 10; i++) {
            var reach = i % 2 == 0 ? 1.05 : STAR_WAIST;
            corners[2 * i] = reach * StrictMath.sin(i * Math.PI / 5);
            corners[2 * i + 1] = -reach * StrictMath.cos(i * Math.PI / 5);
        }
        return corners;
    }

    private static double[] placed(double[] unit, double x, double y, double radius, double turn) {
        var sin = radius * StrictMath.sin(turn);
        var cos = radius * StrictMath.cos(turn);
        var corners = new double[unit.length];
        for (var i = 0; i < unit.length; i += 2) {
            corners[i] = x + cos * unit[i] - sin * unit[i + 1];
            corners[i + 1] = y + sin * unit[i] + cos * unit[i + 1];
        }
        return corners;
    }
}
