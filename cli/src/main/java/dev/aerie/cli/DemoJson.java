package dev.aerie.cli;

import dev.aerie.lab.world.Drawing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// A picture of the demo with its answers as one JSON object.
final class DemoJson {

    private DemoJson() {}

    /// @param number of the picture, from 1
    static String of(long seed, int number, Drawing drawing, List<Demo.Reply> replies) {
        var json = new LinkedHashMap<String, Object>();
        json.put("seed", seed);
        json.put("picture", number);
        json.put("kind", drawing.kind().label());
        json.put("right", replies.stream().filter(Demo.Reply::isRight).count());
        json.put("asked", replies.size());
        json.put("answers", replies.stream().map(DemoJson::of).toList());
        return JsonMapper.shared().writeValueAsString(json);
    }

    private static Map<String, Object> of(Demo.Reply reply) {
        var json = new LinkedHashMap<String, Object>();
        json.put("family", reply.question().family().label());
        json.put("question", reply.question().text());
        json.put("answer", reply.said());
        json.put("truth", reply.question().answer());
        json.put("right", reply.isRight());
        return json;
    }
}
