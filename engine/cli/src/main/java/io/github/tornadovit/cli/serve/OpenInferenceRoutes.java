package io.github.tornadovit.cli.serve;

import io.github.tornadovit.weights.config.VisionConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol v2 over HTTP, as clients of KServe and Triton speak it. */
final class OpenInferenceRoutes {
  /** A model has no others. */
  private static final String VERSION = "1";

  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private OpenInferenceRoutes() {}

  static Reply server(String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", "tornado-vit");
    json.put("version", version);
    json.put("extensions", List.of("binary_tensor_data", "classification"));
    return Reply.json(json);
  }

  static Reply model(Call call, ServedModel model) throws Refusal {
    ModelCard card = served(call, model);
    VisionConfig config = card.config();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", card.name());
    json.put("versions", List.of(VERSION));
    json.put("platform", "tornado-vit_huggingface");
    json.put(
        "inputs",
        List.of(
            tensor(InferInputs.IMAGE, "BYTES", List.of()),
            tensor(
                InferInputs.PIXELS,
                "FP32",
                List.of(
                    (long) config.channels(),
                    (long) config.imageSize().height(),
                    (long) config.imageSize().width()))));
    json.put(
        "outputs",
        InferAnswer.names(card).stream()
            .map(
                name ->
                    tensor(
                        name,
                        name.equals(InferAnswer.LABEL) ? "BYTES" : "FP32",
                        InferAnswer.imageShape(name, card)))
            .toList());
    return Reply.json(json);
  }

  private static Map<String, Object> tensor(String name, String datatype, List<Long> imageShape) {
    List<Long> shape = new ArrayList<>(List.of(-1L));
    shape.addAll(imageShape);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("datatype", datatype);
    json.put("shape", shape);
    return json;
  }

  static Reply ready(Call call, ServedModel model) throws Refusal {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", served(call, model).name());
    json.put("ready", true);
    return Reply.json(json);
  }

  /** The model that the path names. */
  private static ModelCard served(Call call, ServedModel model) throws Refusal {
    String name = call.place("name");
    if (!name.equals(model.card().name())) {
      throw new Refusal(
          404, "model '%s' is not served here, expected '%s'".formatted(name, model.card().name()));
    }
    if (!call.place("version", VERSION).equals(VERSION)) {
      throw new Refusal(
          404, "the model has no version '%s', expected 1".formatted(call.place("version")));
    }
    return model.card();
  }

  static Reply infer(Call call, ServedModel model) throws Refusal, InterruptedException {
    Waiting waiting = new Waiting(call.limits());
    ModelCard card = served(call, model);
    InferRequest request = InferRequest.read(call.body(), call.header(JSON_LENGTH));
    List<InferOutput> asked = InferAnswer.asked(request, card);
    List<Input> images = InferInputs.of(request, card.config(), call.limits().images());
    InferAnswer answer = new InferAnswer(images, model, waiting);
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    List<Map<String, Object>> outputs = new ArrayList<>();
    for (InferOutput output : asked) {
      boolean binary = output.binary() == null ? request.binary() : output.binary();
      outputs.add(output(output.name(), answer.values(output), binary ? tail : null));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model_name", card.name());
    json.put("model_version", VERSION);
    if (request.id() != null) {
      json.put("id", request.id());
    }
    json.put("outputs", outputs);
    if (tail.size() == 0) {
      return Reply.json(json);
    }
    byte[] head = JsonMapper.shared().writeValueAsBytes(json);
    ByteArrayOutputStream body = new ByteArrayOutputStream(head.length + tail.size());
    body.writeBytes(head);
    body.writeBytes(tail.toByteArray());
    return Reply.of(200, "application/octet-stream", body.toByteArray())
        .with(JSON_LENGTH, Integer.toString(head.length));
  }

  /** An output with its values, which go behind the JSON if there is a tail. */
  private static Map<String, Object> output(
      String name, InferAnswer.Values values, @Nullable ByteArrayOutputStream tail) {
    boolean texts = !values.texts().isEmpty();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("datatype", texts ? "BYTES" : "FP32");
    json.put("shape", values.shape());
    if (tail == null) {
      json.put("data", texts ? values.texts() : values.numbers());
      return json;
    }
    byte[] bytes = texts ? textBytes(values.texts()) : numberBytes(values.numbers());
    tail.writeBytes(bytes);
    json.put("parameters", Map.of("binary_data_size", bytes.length));
    return json;
  }

  private static byte[] numberBytes(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }

  /** Each behind its length in four bytes. */
  private static byte[] textBytes(List<String> texts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      all.writeBytes(
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(utf8.length)
              .array());
      all.writeBytes(utf8);
    }
    return all.toByteArray();
  }
}
