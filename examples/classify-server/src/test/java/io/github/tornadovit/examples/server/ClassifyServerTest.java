package io.github.tornadovit.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example works: a label for an image, a reason for what is none. */
@Timeout(60)
class ClassifyServerTest {
  private static final Path IMAGE = Path.of("../../weights/demo/images/with_mask/9000003.jpg");

  @Test
  void answersWithALabelOrAReason() throws Exception {
    ModelOptions options = ModelOptions.defaults().withBackend(BackendChoice.CPU);
    try (VisionModel model = VisionModel.load(DemoCheckpoint.VIT, options);
        ClassifyServer server = new ClassifyServer(model, 0);
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + server.port());
      HttpRequest image =
          HttpRequest.newBuilder(address).POST(BodyPublishers.ofFile(IMAGE)).build();
      HttpResponse<String> labelled = client.send(image, BodyHandlers.ofString());
      assertThat(labelled.statusCode()).isEqualTo(200);
      assertThat(labelled.body()).startsWith("with_mask 0.96");
      HttpRequest none =
          HttpRequest.newBuilder(address).POST(BodyPublishers.ofString("<html>")).build();
      HttpResponse<String> refused = client.send(none, BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("the upload: ", "HTML");
      HttpRequest large =
          HttpRequest.newBuilder(address)
              .POST(BodyPublishers.ofByteArray(new byte[10_000_001]))
              .build();
      HttpResponse<String> tooLarge = client.send(large, BodyHandlers.ofString());
      assertThat(tooLarge.statusCode()).isEqualTo(413);
      assertThat(tooLarge.body()).contains("more than 10000000 bytes");
    }
  }
}
