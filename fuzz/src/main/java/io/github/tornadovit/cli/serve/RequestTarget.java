package io.github.tornadovit.cli.serve;

import io.github.tornadovit.fuzz.FuzzTarget;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A request to {@code serve}: the header that says how its body is read, in a line, then the body.
 * In the server's package because there requests are read, and HTTP in between would slow a
 * thousand times.
 */
public final class RequestTarget implements FuzzTarget {
  /** The typed error. */
  public static final Class<? extends Exception> REFUSAL = Refusal.class;

  private static final int MOST = 8;

  private final Kind kind;
  private final ModelCard card;

  private RequestTarget(Kind kind) {
    this.kind = kind;
    try (Checkpoint demo = DemoCheckpoint.VIT.open()) {
      card = ModelCard.of("demo", demo.config(), true, Map.of());
    }
  }

  private enum Kind {
    FORM,
    HUGGING_FACE,
    INFER
  }

  /** A form; the header is {@code Content-Type}. */
  public static RequestTarget ofForm() {
    return new RequestTarget(Kind.FORM);
  }

  /** A request of Hugging Face's inference protocol; its header is not looked at. */
  public static RequestTarget ofHuggingFace() {
    return new RequestTarget(Kind.HUGGING_FACE);
  }

  /** One of the Open Inference Protocol; the header is where binary tensors begin, or empty. */
  public static RequestTarget ofInfer() {
    return new RequestTarget(Kind.INFER);
  }

  @Override
  public void read(byte[] input) throws Exception {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String header = new String(input, 0, end, StandardCharsets.ISO_8859_1);
    byte[] body = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    switch (kind) {
      case FORM -> form(Multipart.files(body, header, MOST), body.length);
      case HUGGING_FACE -> {
        List<Input.File> images = HuggingFaceRequest.read(body, MOST).images();
        form(images, body.length);
      }
      case INFER -> infer(InferRequest.read(body, header.isEmpty() ? null : header));
    }
  }

  private static void form(List<Input.File> images, int most) {
    long bytes = images.stream().mapToLong(image -> image.bytes().length).sum();
    if (images.isEmpty() || images.size() > MOST || bytes > most) {
      throw new AssertionError(images.size() + " images of " + bytes + " bytes of " + most);
    }
  }

  private void infer(InferRequest request) throws Refusal {
    List<InferOutput> outputs = InferAnswer.asked(request, card);
    List<Input> images = InferInputs.of(request, card.config(), MOST);
    if (images.isEmpty() || images.size() > MOST || outputs.isEmpty()) {
      throw new AssertionError(images.size() + " images, " + outputs.size() + " outputs");
    }
  }
}
