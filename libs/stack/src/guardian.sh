# Ends the processes it was told of when its input closes without a goodbye, as it does when whoever started them is killed.
# Lines: "adopt <pid> <signal>", "dismiss <pid>", "goodbye". A shell, because it must cost nothing and survive any of ours.
trap '' INT TERM HUP
adopted=''

while read -r word pid signal; do
  case $word in
    adopt) adopted="$adopted $pid:$signal" ;;
    dismiss)
      rest=''
      for entry in $adopted; do [ "${entry%%:*}" = "$pid" ] || rest="$rest $entry"; done
      adopted=$rest
      ;;
    goodbye) exit 0 ;;
  esac
done

for entry in $adopted; do kill -"${entry#*:}" "${entry%%:*}" 2>/dev/null; done

seconds_left=15
while [ "$seconds_left" -gt 0 ]; do
  running=''
  for entry in $adopted; do kill -0 "${entry%%:*}" 2>/dev/null && running=yes; done
  [ -z "$running" ] && exit 0
  sleep 1
  seconds_left=$((seconds_left - 1))
done
for entry in $adopted; do kill -KILL "${entry%%:*}" 2>/dev/null; done
