package io.github.tornadovit.kernels.tornado;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Chooses among the devices that TornadoVM offers: the best one, or the one that the user names.
 */
final class DeviceChoice {
  /** Best first; kinds that are not listed come after a CPU. */
  private static final List<DeviceKind> KINDS =
      List.of(DeviceKind.GPU, DeviceKind.ACCELERATOR, DeviceKind.CPU);

  /** The order rule: kind, then back end, then the order in which TornadoVM lists devices. */
  static final Comparator<DeviceDescription> BEST_FIRST =
      Comparator.<DeviceDescription>comparingInt(device -> rank(KINDS, device.kind()))
          .thenComparingInt(
              device ->
                  TornadoDriver.of(device.tornadoBackend())
                      .map(TornadoDriver::ordinal)
                      .orElse(Integer.MAX_VALUE))
          .thenComparingInt(DeviceDescription::index);

  private DeviceChoice() {}

  private static <T> int rank(List<T> order, T value) {
    int position = order.indexOf(value);
    return position < 0 ? order.size() : position;
  }

  /**
   * The best device.
   *
   * @param devices at least one
   */
  static DeviceDescription best(List<DeviceDescription> devices) {
    return devices.stream().min(BEST_FIRST).orElseThrow();
  }

  /**
   * The device that a user names.
   *
   * @param devices at least one
   * @param asked digits are an index; anything else is a part of the name or kind, in any case
   *     where several back ends list one processor, the best of them is taken
   * @throws BackendException if it fits none of the devices, or several; the message lists them
   */
  static DeviceDescription named(List<DeviceDescription> devices, String asked) {
    if (asked.matches("[0-9]+")) {
      String index = asked.replaceFirst("^0+(?=.)", "");
      return devices.stream()
          .filter(device -> Integer.toString(device.index()).equals(index))
          .findFirst()
          .orElseThrow(() -> refused("there is no device %s, only ".formatted(asked), devices, ""));
    }
    String part = asked.strip().toLowerCase(Locale.ROOT);
    List<DeviceDescription> fitting =
        devices.stream()
            .filter(
                device ->
                    device.name().toLowerCase(Locale.ROOT).contains(part)
                        || device.kind().toString().contains(part))
            .toList();
    if (fitting.isEmpty()) {
      throw refused(
          "no device has '%s' in its name or kind, there is ".formatted(asked), devices, "");
    }
    if (fitting.size() > 1 && !isOne(fitting)) {
      throw refused("device '%s' may be ".formatted(asked), fitting, "; name it by its number");
    }
    return best(fitting);
  }

  /** Whether they are one processor, which several of TornadoVM's back ends list. */
  private static boolean isOne(List<DeviceDescription> devices) {
    return devices.stream().map(DeviceDescription::tornadoBackend).distinct().count()
            == devices.size()
        && devices.stream().map(device -> device.kind() + device.name()).distinct().count() == 1;
  }

  private static BackendException refused(
      String problem, List<DeviceDescription> devices, String remedy) {
    return new BackendException(
        "tornado",
        devices.stream()
            .map(DeviceDescription::toString)
            .collect(Collectors.joining(", ", problem, remedy)));
  }
}
