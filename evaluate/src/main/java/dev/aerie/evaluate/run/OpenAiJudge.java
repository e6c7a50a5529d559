package dev.aerie.evaluate.run;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Judge;
import dev.aerie.evaluate.data.Digest;
import dev.aerie.train.log.JsonLines;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A judge at any address that speaks OpenAI's chat protocol. What it says is kept in a file and never asked twice.
public final class OpenAiJudge implements Judge, AutoCloseable {

    private static final JsonMapper MAPPER = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRIES = 3;
    private static final int MOST_TOKENS = 256;

    /// What was said once.
    ///
    /// @param key of model and prompt
    record Said(long place, String key, String model, String prompt, String answer) {}

    private final URI address;
    private final String model;
    private final Optional<String> secret;
    private final Duration pause;
    private final Map<String, String> known = new HashMap<>();
    private final JsonLines<Said> file;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // some servers drop the body of a request that asks for HTTP/2
            .connectTimeout(PATIENCE)
            .build();

    /// @param address such as `http://localhost:8000/v1`
    /// @param secret  sent as a bearer token if there is one
    /// @param memory  file of what was said
    public OpenAiJudge(String address, String model, Optional<String> secret, Path memory) {
        this(address, model, secret, memory, Duration.ofSeconds(2));
    }

    /// @param pause before the second try; longer before the third
    OpenAiJudge(String address, String model, Optional<String> secret, Path memory, Duration pause) {
        this.address = completions(address);
        this.model = model;
        this.secret = secret.map(OpenAiJudge::sendable);
        this.pause = pause;
        JsonLines.read(memory, Said.class).forEach(said -> known.put(said.key, said.answer));
        file = JsonLines.resume(memory, Said.class, Said::place, Long.MAX_VALUE);
    }

    /// An address as it may be written down: without what may be secret.
    public static String place(String address) {
        var uri = completions(address);
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getPath();
    }

    private static URI completions(String address) {
        try {
            var plain = address.replaceAll("/+$", "");
            var uri = URI.create(plain.endsWith("/chat/completions") ? plain : plain + "/chat/completions");
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new AerieException(
                "cannot ask a judge at '" + address + "': expected an address such as http://localhost:8000/v1");
    }

    /// It is not repeated in the message.
    private static String sendable(String secret) {
        var plain = secret.strip();
        if (!plain.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new AerieException("cannot send the judge's key: it has characters that no header can hold; expected"
                    + " one word of ASCII characters");
        }
        return plain;
    }

    @Override
    public Optional<String> ask(String prompt) {
        var key = Digest.of((model + "\n" + prompt).getBytes(StandardCharsets.UTF_8));
        var answer = known.get(key);
        if (answer == null) {
            answer = patiently(prompt);
            known.put(key, answer);
            file.append(new Said(known.size(), key, model, prompt, answer));
        }
        return answer.isBlank() ? Optional.empty() : Optional.of(answer);
    }

    /// Asks again if the other side is busy or the line is bad.
    private String patiently(String prompt) {
        for (int failed = 1; ; failed++) {
            try {
                var response = client.send(request(prompt), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() == 200) {
                    return answer(response.body());
                }
                boolean busy = response.statusCode() == 429 || response.statusCode() >= 500;
                if (!busy || failed == TRIES) {
                    throw new AerieException("the judge at " + address + " refused (status " + response.statusCode()
                            + "): " + shortened(response.body()) + "; the run can go on later");
                }
            } catch (IOException e) {
                if (failed == TRIES) {
                    throw new AerieException(
                            "cannot reach the judge at " + address + " (" + e + "); the run can go on later", e);
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            try {
                Thread.sleep(pause.multipliedBy(failed));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private AerieException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AerieException("interrupted while asking the judge at " + address, e);
    }

    private HttpRequest request(String prompt) {
        var body = Map.of(
                "model",
                model,
                "messages",
                List.of(Map.of("role", "user", "content", prompt)),
                "temperature",
                0,
                "max_tokens",
                MOST_TOKENS);
        var request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)));
        secret.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        return request.build();
    }

    private String answer(String body) {
        try {
            var message = MAPPER.readTree(body).at("/choices/0/message");
            var content = message.path("content");
            if (content.isString()) {
                return content.stringValue().strip();
            }
            if (message.isObject() && (content.isNull() || content.isMissingNode())) {
                return ""; // it will not say, or had no tokens left to: nor would it the next time
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new AerieException("the judge at " + address + " sent no answer in OpenAI's form: " + shortened(body));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    @Override
    public void close() {
        try (client) {
            file.close();
        }
    }
}
