package dev.aerie.tiling;

import dev.aerie.AerieException;
import dev.aerie.image.Size;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The registry: what a name such as `internvl` stands for. A new method is a file and a line here.
public enum Tilings {
    LLAVA_NEXT("llava-next", new TileSize(336, 24), 4, 2, 4, AnyResolution::published),
    INTERNVL("internvl", new TileSize(448, 32), 12, 1, 64, (tile, most) -> new DynamicTiles(tile, most, half(tile))),
    LLAVA_UHD(
            "llava-uhd", new TileSize(448, 32), 9, 1, 64, (tile, most) -> new NativeSlices(tile, most, tile.cells(8))),
    XCOMPOSER_4KHD("4khd", new TileSize(336, 24), 16, 1, 64, (tile, most) -> new FourK(tile, most, half(tile))),
    MONKEY(
            "monkey",
            new TileSize(448, 32),
            4,
            1,
            9,
            (tile, most) -> new FixedWindows(windows(most), tile, tile.cells(16)));

    /// Makes a tiling.
    @FunctionalInterface
    interface Maker {

        /// @param most tiles, the whole picture not among them
        Tiling make(TileSize tile, int most);
    }

    private final String label;
    private final TileSize published;
    private final int most;
    private final int low;
    private final int high;
    private final Maker maker;

    /// @param published tiles of its authors' encoder
    /// @param most      tiles where nobody says otherwise, between `low` and `high`
    Tilings(String label, TileSize published, int most, int low, int high, Maker maker) {
        this.label = label;
        this.published = published;
        this.most = most;
        this.low = low;
        this.high = high;
        this.maker = maker;
    }

    /// Its name on the command line.
    public String label() {
        return label;
    }

    /// The tiles of its authors' encoder.
    public TileSize published() {
        return published;
    }

    /// The usual limit of tiles, the whole picture not among them.
    public int most() {
        return most;
    }

    /// The lowest limit of tiles that it can do with.
    int fewest() {
        return low;
    }

    /// @param tile what an encoder makes of a tile
    /// @param tiles at most, the whole picture not among them
    public Tiling make(TileSize tile, int tiles) {
        require(tiles);
        return maker.make(tile, tiles);
    }

    /// Refuses a limit that the method cannot do with.
    void require(int tiles) {
        if (tiles < low || tiles > high) {
            throw new AerieException("cannot tile by " + label + " with up to " + tiles + " tiles: expected " + low
                    + " to " + high + ", as in " + label + ":" + most);
        }
    }

    public static Tilings named(String label) {
        return Arrays.stream(values())
                .filter(method -> method.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new AerieException("unknown tiling '" + label + "': known are " + labels()));
    }

    /// All names.
    public static String labels() {
        return Arrays.stream(values()).map(Tilings::label).collect(Collectors.joining(", "));
    }

    /// Half the tokens a side: squares of two by two become one.
    private static int half(TileSize tile) {
        return tile.cells(tile.tokens() / 2);
    }

    /// Monkey's arrangements: 2 by 2 windows as released, 3 by 2 and 3 by 3 as in its ablation.
    private static Size windows(int count) {
        int rows = (int) Math.sqrt(count);
        return new Size(count / rows, rows);
    }
}
