package io.github.tornadovit.engine.event;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendSelection;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** Backend auto found no GPU that can run the model and took another backend. */
@Name(FallbackEvent.NAME)
@Label("Backend Fallback")
@Category("tornado-vit")
@Description("Backend auto found no GPU that can run the model and took another backend.")
@StackTrace(true)
public final class FallbackEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.Fallback";

  @Label("Model")
  public @Nullable String model;

  @Label("Device")
  @Description("What was taken")
  public @Nullable String device;

  @Label("Reason")
  @Description("Why no GPU was taken")
  public @Nullable String reason;

  /** An event that has not begun. */
  public FallbackEvent() {}

  /** Keeps an event of now, if a recording wants it. */
  public static void record(String ofModel, BackendSelection taken, Precision precision) {
    FallbackEvent event = new FallbackEvent();
    if (event.shouldCommit()) {
      event.model = ofModel;
      event.device = taken.backend().device(precision).toString();
      event.reason = taken.reason();
      event.commit();
    }
  }
}
