package io.github.tornadovit.engine.event;

import io.github.tornadovit.kernels.backend.DeviceInfo;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A model ran a batch, from pixels to logits and features. */
@Name(ForwardPassEvent.NAME)
@Label("Forward Pass")
@Category("tornado-vit")
@Description("A model ran a batch, from pixels to logits and features.")
@StackTrace(false)
public final class ForwardPassEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.ForwardPass";

  @Label("Model")
  public @Nullable String model;

  @Label("Device")
  public @Nullable String device;

  @Label("Images")
  public int images;

  /** An event that has not begun. */
  public ForwardPassEvent() {}

  /** Ends the event, and keeps it if a recording wants it. */
  public void finish(String ranModel, Supplier<DeviceInfo> on, int ranImages) {
    end();
    if (shouldCommit()) {
      model = ranModel;
      device = on.get().toString();
      images = ranImages;
      commit();
    }
  }
}
