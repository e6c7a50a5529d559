package dev.aerie.evaluate.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.aerie.AerieException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenAiJudgeTest {

    private record Reply(int status, String body) {}

    private static final Reply SAYS_B = new Reply(200, "{\"choices\":[{\"message\":{\"content\":\" B \"}}]}");

    private final HttpServer server;
    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    OpenAiJudgeTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        server.createContext("/v1/chat/completions", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var reply = replies.remove();
            var bytes = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private OpenAiJudge judge() {
        return new OpenAiJudge(
                "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/",
                "m",
                Optional.of("s3cret"),
                folder.resolve("judge.jsonl"),
                Duration.ZERO);
    }

    @Test
    void asksOnceAndRemembers() {
        replies.add(SAYS_B);
        try (var judge = judge()) {
            assertThat(judge.ask("which \"one\"?")).contains("B");
            assertThat(judge.ask("which \"one\"?")).contains("B");
        }
        try (var judge = judge()) {
            assertThat(judge.ask("which \"one\"?")).contains("B");
        }
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst())
                .startsWith("Bearer s3cret ")
                .contains("which \\\"one\\\"?")
                .contains("\"m\"");
    }

    @Test
    void asksABusyServerAgain() {
        replies.addAll(List.of(new Reply(429, "busy"), new Reply(503, "busy"), SAYS_B));
        try (var judge = judge()) {
            assertThat(judge.ask("?")).contains("B");
        }
        assertThat(asked).hasSize(3);
    }

    @Test
    void refusalsAndOtherFormsAreErrors() {
        replies.addAll(List.of(new Reply(401, "no key"), new Reply(200, "<html>"), new Reply(200, "{}")));
        try (var judge = judge()) {
            assertThatThrownBy(() -> judge.ask("?"))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("401");
            assertThatThrownBy(() -> judge.ask("?"))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("<html>");
            assertThatThrownBy(() -> judge.ask("?"))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("{}");
        }
    }

    /// Of a model that will not say, or had no tokens left to: it would not the next time either.
    @Test
    void anAnswerWithoutTextIsNone() {
        replies.add(new Reply(200, "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":null}}]}"));
        try (var judge = judge()) {
            assertThat(judge.ask("?")).isEmpty();
            assertThat(judge.ask("?")).isEmpty();
        }
        assertThat(asked).hasSize(1);
    }

    @Test
    void aKeyIsNotShown() {
        replies.add(SAYS_B);
        var address = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        try (var judge = new OpenAiJudge(address, "m", Optional.of("s3cret\r\n"), folder.resolve("judge.jsonl"))) {
            assertThat(judge.ask("?")).contains("B");
        }
        assertThat(asked.getFirst()).startsWith("Bearer s3cret {");
        assertThatThrownBy(() -> new OpenAiJudge(address, "m", Optional.of("s3\ncret"), folder.resolve("j")))
                .isInstanceOf(AerieException.class)
                .hasMessageNotContaining("cret;")
                .hasMessageNotContaining("s3");
        assertThat(OpenAiJudge.place("https://user:s3cret@host:8443/v1?key=s3cret"))
                .doesNotContain("s3cret")
                .contains("host:8443");
    }

    @Test
    void anAddressIsChecked() {
        for (var address : new String[] {"", "localhost", "ftp://host/v1", "http://a b"}) {
            assertThatThrownBy(() -> new OpenAiJudge(address, "m", Optional.empty(), folder.resolve("j")))
                    .isInstanceOf(AerieException.class)
                    .hasMessageContaining("such as http://localhost:8000/v1");
        }
    }
}
