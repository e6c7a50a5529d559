package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.image.Size;
import dev.aerie.tiling.AnyResolution;
import dev.aerie.tiling.DynamicTiles;
import dev.aerie.tiling.Piece;
import dev.aerie.tiling.TileSize;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Tables of canvases, tiles and tokens for pictures of many sizes: `anyres` of LLaVA-NeXT and `internvl`.
public final class TilingKind implements Kind {

    @Override
    public String name() {
        return "tiling";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var method : file.json().propertyNames()) {
            var table = file.json().get(method);
            if (table.has("cases")) {
                for (var item : table.get("cases")) {
                    var limit = item.has("max") ? " in up to " + item.get("max") : "";
                    var name = method + " " + number(item, "width") + "x" + number(item, "height") + limit;
                    outcomes.add(Outcomes.guarded(name(), name, () -> measures(method, table, item)));
                }
            }
        }
        return outcomes;
    }

    private static List<Measure> measures(String method, JsonNode table, JsonNode item) {
        return switch (method) {
            case "anyres" -> anyResolution(table, item);
            case "internvl" -> dynamic(table, item);
            default -> throw new AerieException("golden table names the unknown tiling '" + method + "'");
        };
    }

    private static List<Measure> anyResolution(JsonNode table, JsonNode item) {
        var canvases = new ArrayList<Size>();
        table.required("pinpoints").forEach(pair -> canvases.add(size(pair)));
        var tile = new TileSize(number(table, "tile"), number(table, "grid"));
        var tiling = new AnyResolution(canvases, tile);
        int width = number(item, "width");
        int height = number(item, "height");
        var tiles = tiling.of(width, height);
        var map = (Piece.Block) tiles.order().getLast();
        return List.of(
                Measure.exact("best", size(item.required("best")), tiling.canvas(width, height)),
                Measure.exact("tiles", number(item, "tiles"), tiles.views().size()),
                Measure.exact(
                        "unpadded",
                        size(item.required("unpadded")),
                        new Size(map.kept().height(), map.kept().width())),
                Measure.exact("tokens", number(item, "tokens"), tiles.tokens()));
    }

    private static List<Measure> dynamic(JsonNode table, JsonNode item) {
        int side = number(table, "tile");
        var tiling = new DynamicTiles(new TileSize(side, 1), number(item, "max"), 1);
        int width = number(item, "width");
        int height = number(item, "height");
        var arrangement = tiling.arrangement(width, height);
        return List.of(
                Measure.exact("columns", number(item, "columns"), arrangement.width()),
                Measure.exact("rows", number(item, "rows"), arrangement.height()),
                Measure.exact(
                        "tiles",
                        number(item, "tiles"),
                        tiling.of(width, height).views().size()));
    }

    private static Size size(JsonNode pair) {
        return new Size(pair.required(0).intValue(), pair.required(1).intValue());
    }

    private static int number(JsonNode node, String field) {
        return node.required(field).intValue();
    }
}
