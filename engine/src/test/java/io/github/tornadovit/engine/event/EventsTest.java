package io.github.tornadovit.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.service.BatchingService;
import io.github.tornadovit.engine.service.ServiceOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jfr.AnnotationElement;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recording of the Flight Recorder holds of the engine. */
class EventsTest {
  private static final Path IMAGE = Path.of("../weights/demo/images/with_mask/9000003.jpg");

  @TempDir private Path folder;

  private List<RecordedEvent> record(Callable<?> action) throws Exception {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      action.call();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("tornadovit."))
        .toList();
  }

  private static RecordedEvent only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> named =
        events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    assertThat(named).as(name).hasSize(1);
    return named.getFirst();
  }

  private static VisionModel load(BackendChoice backend) {
    return VisionModel.load(
        DemoCheckpoint.VIT, ModelOptions.defaults().withBackend(backend).withBatch(2));
  }

  @Test
  void aRequestLeavesAllEvents() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              try (VisionModel model = load(BackendChoice.CPU);
                  var service = BatchingService.classifying(model, ServiceOptions.defaults())) {
                return service.submit(IMAGE).join();
              }
            });
    RecordedEvent load = only(events, ModelLoadEvent.NAME);
    assertThat(load.getString("model")).isEqualTo("embedded demo checkpoint 'vit'");
    assertThat(load.getString("device")).startsWith("cpu (");
    assertThat(load.getString("reason")).isEqualTo("asked for by name");
    assertThat(load.getString("architecture")).isEqualToIgnoringCase("vit");
    assertThat(load.getDuration()).isPositive();
    RecordedEvent plan = only(events, PlanBuildEvent.NAME);
    assertThat(plan.getInt("operations")).isGreaterThan(10);
    assertThat(plan.getInt("askedBatch")).isEqualTo(2);
    assertThat(plan.getInt("maxBatch")).isEqualTo(2);
    assertThat(plan.getString("device")).startsWith("cpu (");
    RecordedEvent decode = only(events, ImageDecodeEvent.NAME);
    assertThat(decode.getString("image")).isEqualTo(IMAGE.toString());
    assertThat(decode.getLong("encodedBytes")).isEqualTo(Files.size(IMAGE));
    assertThat(decode.getInt("width")).isPositive();
    assertThat(decode.getInt("height")).isPositive();
    assertThat(decode.getString("problem")).isNull();
    RecordedEvent forward = only(events, ForwardPassEvent.NAME);
    assertThat(forward.getInt("images")).isEqualTo(1);
    RecordedEvent batch = only(events, BatchEvent.NAME);
    assertThat(batch.getString("service")).startsWith("tornado-vit-batch-");
    assertThat(batch.getInt("images")).isEqualTo(1);
    assertThat(batch.getInt("maxBatch")).isEqualTo(2);
    assertThat(batch.getInt("queued")).isZero();
    assertThat(batch.getDuration("longestWait")).isPositive();
    assertThat(batch.getString("failure")).isNull();
    assertThat(batch.getDuration()).isGreaterThanOrEqualTo(forward.getDuration());
    assertThat(events).as("no fallback: cpu was asked for").hasSize(5);
  }

  @Test
  void whatFailsSaysWhy() throws Exception {
    Path broken = Files.write(folder.resolve("broken.jpg"), new byte[] {-1, -40, -1, 0, 0});
    List<RecordedEvent> events =
        record(
            () -> {
              VisionModel model = load(BackendChoice.CPU);
              try (var service = BatchingService.classifying(model, ServiceOptions.defaults())) {
                var image = model.imageProcessor().read(IMAGE);
                assertThatThrownBy(() -> model.imageProcessor().read(broken))
                    .isInstanceOf(ImageException.class);
                model.close();
                return service.submit(image).handle((_, _) -> true).join();
              }
            });
    assertThat(only(events, BatchEvent.NAME).getString("failure")).contains("the model is closed");
    RecordedEvent undecoded =
        events.stream()
            .filter(event -> event.getEventType().getName().equals(ImageDecodeEvent.NAME))
            .filter(event -> event.getInt("width") == 0)
            .findFirst()
            .orElseThrow();
    assertThat(undecoded.getString("problem")).contains("broken.jpg");
  }

  @Test
  void aFallbackSaysWhatWasTakenAndWhy() throws Exception {
    assumeTrue(TornadoVm.ofThisJvm().isEmulated(), "an SDK is in use, whose device auto may take");
    List<RecordedEvent> events =
        record(
            () -> {
              try (VisionModel model = load(BackendChoice.AUTO)) {
                return model.session().device();
              }
            });
    RecordedEvent fallback = only(events, FallbackEvent.NAME);
    assertThat(fallback.getString("device")).startsWith("cpu (");
    assertThat(fallback.getString("reason")).startsWith("auto: ");
    assertThat(fallback.getString("model")).isEqualTo("embedded demo checkpoint 'vit'");
  }

  @Test
  void aRecordingWithoutThemHasNone() throws Exception {
    assertThat(new ForwardPassEvent().isEnabled()).as("with no recording").isFalse();
    Path file = folder.resolve("off.jfr");
    try (Recording recording = new Recording();
        VisionModel model = load(BackendChoice.CPU)) {
      recording.disable(ForwardPassEvent.class);
      recording.start();
      model.classify(IMAGE);
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .extracting(event -> event.getEventType().getName())
        .contains(ImageDecodeEvent.NAME)
        .doesNotContain(ForwardPassEvent.NAME);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ModelLoadEvent.class,
        PlanBuildEvent.class,
        ForwardPassEvent.class,
        BatchEvent.class,
        ImageDecodeEvent.class,
        FallbackEvent.class
      })
  void everyEventAndFieldIsDescribed(Class<? extends Event> event) {
    EventType type = EventType.getEventType(event);
    assertThat(type.getCategoryNames()).containsExactly("tornado-vit");
    assertThat(type.getLabel()).isNotBlank();
    assertThat(type.getDescription()).endsWith(".");
    for (ValueDescriptor field : type.getFields()) {
      assertThat(field.getLabel()).as(field.getName()).isNotBlank();
    }
  }

  @Test
  void timesAndSizesHaveUnits() {
    assertThat(unit(BatchEvent.class, "longestWait", Timespan.class))
        .isEqualTo(Timespan.NANOSECONDS);
    assertThat(unit(ImageDecodeEvent.class, "encodedBytes", DataAmount.class))
        .isEqualTo(DataAmount.BYTES);
  }

  private static Object unit(
      Class<? extends Event> event, String field, Class<? extends Annotation> of) {
    return EventType.getEventType(event).getField(field).getAnnotationElements().stream()
        .filter(element -> element.getTypeName().equals(of.getName()))
        .map((AnnotationElement element) -> element.getValue("value"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatRanNamesItsPrecision() throws Exception {
    List<RecordedEvent> events =
        record(
            () -> {
              try (VisionModel model =
                  VisionModel.load(
                      DemoCheckpoint.VIT, ModelOptions.defaults().withPrecision(Precision.INT8))) {
                return model.classify(IMAGE);
              }
            });
    assertThat(events)
        .filteredOn(event -> event.hasField("device"))
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.getString("device")).startsWith("cpu (int8: "));
  }
}
