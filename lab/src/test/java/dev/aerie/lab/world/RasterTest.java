package dev.aerie.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aerie.image.Box;
import org.junit.jupiter.api.Test;

class RasterTest {

    private static final int SIDE = 40;

    private static double area(Raster raster) {
        var rgb = raster.picture(new SplitMix64(0), 0).rgb();
        var ink = 0;
        for (var at = 0; at < rgb.length; at += 3) {
            ink += 255 - (rgb[at] & 0xFF);
        }
        return ink / 255.0;
    }

    private static Raster blank() {
        var raster = new Raster(SIDE, SIDE, Rgb.WHITE);
        raster.ink(0);
        return raster;
    }

    @Test
    void areasAreThoseOfGeometry() {
        var disc = blank();
        disc.disc(20, 20, 11);
        assertThat(area(disc)).isCloseTo(Math.PI * 121, within(6.0));
        var ring = blank();
        ring.ring(19.3, 20.2, 15, 9);
        assertThat(area(ring)).isCloseTo(Math.PI * (225 - 81), within(9.0));
        var line = blank();
        line.line(8, 9, 31, 26, 5);
        assertThat(area(line)).isCloseTo(Math.hypot(23, 17) * 5 + Math.PI * 6.25, within(6.0));
        var triangle = blank();
        triangle.polygon(5, 5, 35, 5, 5, 25);
        assertThat(area(triangle)).isCloseTo(300, within(6.0));
        var point = blank();
        point.line(20, 20, 20, 20, 6);
        assertThat(area(point)).isCloseTo(Math.PI * 9, within(2.0));
    }

    /// A polygon that is hollowed in is not filled there.
    @Test
    void polygonsMayBeHollow() {
        var polygon = blank();
        polygon.polygon(5, 5, 35, 5, 35, 35, 25, 35, 25, 15, 15, 15, 15, 35, 5, 35);
        assertThat(area(polygon)).isEqualTo(900 - 200);
    }

    @Test
    void whatLiesOutsideIsNotPainted() {
        var raster = blank();
        raster.disc(-20, 20, 10);
        raster.rectangle(50, -10, 10, 100);
        raster.polygon(-5, -5, -1, -5, -1, -1);
        assertThat(area(raster)).isZero();
        raster.disc(0, 0, 10);
        raster.rectangle(-100, 30, 1000, 1000);
        assertThat(area(raster)).isCloseTo(Math.PI * 25 + 400, within(4.0));
    }

    @Test
    void marksFollowThePaint() {
        var raster = blank();
        raster.mark(3);
        raster.rectangle(4, 6, 10, 2);
        raster.claim(4, 6, 3, 20);
        assertThat(raster.marked()).isEqualTo(new Box(4, 6, 10, 20));
        raster.mark(0);
        raster.rectangle(0, 0, 40, 40);
        var marks = new InstanceMap(SIDE, raster.marks());
        assertThat(marks.at(4, 6)).isEqualTo(3);
        assertThat(marks.at(5, 25)).isEqualTo(3);
        assertThat(marks.at(8, 25)).isZero();
        assertThat(marks.at(14, 6)).isZero();
    }

    @Test
    void noiseIsEvenAndWithinBounds() {
        var raster = new Raster(SIDE, SIDE, 0x808080);
        var counts = new int[17];
        for (var b : raster.picture(new SplitMix64(9), 8).rgb()) {
            counts[(b & 0xFF) - 128 + 8]++;
        }
        var expected = 3.0 * SIDE * SIDE / 17;
        for (var count : counts) {
            assertThat((double) count).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }
}
