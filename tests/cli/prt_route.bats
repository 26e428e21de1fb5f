#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load lib
load both

setup() {
	[[ $BATS_TEST_DESCRIPTION == *ompletion* ]] && return
	need_ip_6_1
}

@test "route add: prefixes, types, tables, scopes, protocols" {
	both <<'END'
x route add default via 10.0.0.254
x route add 192.168/16 dev v0
x route add 172.16 dev v0
x route add to 192.0.2.0/24 via 10.0.0.2 metric 10 table 100 proto static
x route add 192.0.2.0/255.255.255.0 via 10.0.0.3 preference 0x20 src 10.0.0.1
x route add 192.0.3.0/24 dev v1 tos 0x10 scope 100
x route add 192.0.4.0/24 via 172.16.9.9 dev v0 onlink realms 5/6
x route add 192.0.5.0/24 via inet6 fe80::1 dev v0
x route add blackhole 198.51.100.0/24 metric 1x
x route add blackhole 198.51.100.0/24 metric 1
x route add unreachable 198.51.100.0/24 metric 2
x route add prohibit 198.51.100.0/24 metric 3
x route add throw 198.51.100.0/24 metric 4
x route add local 198.51.101.1 dev v0
x route add broadcast 198.51.101.255 dev v0
x route add anycast 198.51.101.2 dev v0
x route add multicast 239.0.0.0/8 dev v0
x route add nat 198.51.101.3 via 10.0.0.9
x route add 203.0.113.0/24 dev v0 proto 200 table 70000
x route add 203.0.113.1 dev nosuch
x route add 10.0.0.5/24 dev v0
x route add any
x route
x route show table all
x -d route show table all
x -j route show table all
x -N -d route show table all
x -o route
x -s route
x -j -p route
x -c=always route show table all
END
}

@test "route add: metrics, locked and not" {
	both <<'END'
n=0
for m in 'mtu 1400' 'mtu lock 1400' 'advmss 1300' 'window 5' 'rtt 100' 'rtt 250ms' 'rtt 1.5s' \
	'rttvar 2s' 'rttvar lock 50ms' 'rto_min 5ms' 'rto_min 10' 'ssthresh 7' 'cwnd 8' 'cwnd lock 8' \
	'initcwnd 9' 'initrwnd 10' 'hoplimit 64' 'reordering 3' 'quickack 1' 'features ecn' \
	'congctl reno' 'congctl lock reno' 'fastopen_no_cookie 1' 'mtu 1400 mtu 1500 advmss 5'; do
	n=$((n + 1))
	echo "route add 192.0.$n.0/24 via 10.0.0.2 $m"
	echo "route add fd00:$n::/64 via 2001:db8::2 $m"
done >adds
x -batch adds
for m in 'quickack 2' 'hoplimit 256' 'rtt x' 'mtu' 'mtu lock' 'features x' 'congctl nosuch'; do
	x route add 192.0.100.0/24 via 10.0.0.2 $m
done
x route
x -j route
x -6 route
x -6 -j route
x route get 192.0.2.1
x -j route get 192.0.2.1
END
}

@test "route add: several nexthops" {
	both <<'END'
x route add 192.0.2.0/24 nexthop via 10.0.0.2 weight 2 nexthop via 10.1.0.2 dev v1 weight 256
x route add 192.0.3.0/24 mtu 1400 nexthop dev v0 nexthop dev v1 onlink
x route add 192.0.4.0/24 nexthop via 172.16.0.1 dev v0 onlink nexthop via inet6 fe80::1 dev v1
x route add 192.0.5.0/24 nexthop via 10.0.0.2 realms 3 nexthop via 10.0.0.3 realms 4/5
x route add 192.0.6.0/24 nexthop via 10.0.0.2 weight 0
x route add 192.0.6.0/24 nexthop via 10.0.0.2 nosuch
x route add 192.0.6.0/24 nexthop
x route add 192.0.6.0/24 via 10.0.0.2 via 10.0.0.3
x -6 route add fd00:1::/64 nexthop via 2001:db8::2 nexthop via 2001:db8:1::2 weight 9
x route
x -o route
x -j route
x -d route
x -6 route
x -6 -j route
x route show dev v0
x route show via 10.0.0.2
sys ip link set v1 down
# its peer loses the carrier a little later
for try in {1..200}; do ip route show 10.0.0.0/24 | grep -q linkdown && break; sleep 0.05; done
x route
x -j route
END
}

@test "an address that is \"any\" or \"all\" has no bytes, and is refused" {
	both <<'END'
x route add default via 10.0.0.254
for any in any all default; do
	for words in "default via $any dev v0" "198.51.100.0/24 via inet $any dev v0" \
		"198.51.101.0/24 via inet6 $any dev v0" "198.51.102.0/24 dev v0 src $any" \
		"src $any 198.51.103.0/24 dev v0" "via $any 198.51.104.0/24 dev v0" \
		"198.51.105.0/24 nexthop via $any dev v0" "198.51.106.0/24 nexthop via $any" \
		"198.51.107.0/24 via link $any dev v0" "198.51.108.0/24 as to $any dev v0" \
		"198.51.109.0/24 nexthop via 10.0.0.2 nexthop via $any dev v1"; do
		for verb in add replace test delete; do x route $verb $words; done
	done
	for words in "fd00::/64 via $any dev v0" "fd00:1::/64 dev v0 src $any" \
		"fd00:2::/64 nexthop via $any dev v0" "fd00:3::/64 via inet $any dev v0"; do
		x -6 route add $words
	done
	for encap in "ip id 1 dst $any" "ip id 1 src $any dst 10.1.0.9" "ip6 id 1 dst $any" \
		"ip6 id 1 src $any" "seg6local action End.X nh6 $any" "seg6 mode encap segs $any" \
		"seg6local action End.DX4 nh4 $any" "rpl segs $any" \
		"ioam6 mode encap tundst $any trace prealloc type 0x800000 ns 1 size 12"; do
		x route add 198.51.110.0/24 encap $encap dev v0
		x -6 route add fd00:4::/64 encap $encap dev v0
	done
	x route
	x -6 route
done
END
}

@test "what is said twice: a nexthop's first, a route's last, a table's attribute" {
	both <<'END'
x route add 192.0.2.0/24 nexthop via 10.0.0.2 via 10.1.0.3
x route add 192.0.3.0/24 nexthop via 10.0.0.2 via any
x route add 192.0.4.0/24 nexthop via any via 10.0.0.2
x route add 192.0.5.0/24 nexthop via 10.0.0.2 via inet6 fe80::1 dev v0
x route add 192.0.6.0/24 nexthop via inet6 fe80::1 via inet6 fe80::2 dev v0
x route add 192.0.7.0/24 nexthop via 10.0.0.2 dev v1 dev v0 weight 3 weight 2
x route add 192.0.8.0/24 nexthop via 10.0.0.2 realms 2 realms 3
x route add 192.0.9.0/24 nexthop encap ip id 1 dst 10.1.1.1 encap ip6 id 2 dst fd00::1 dev v0
x route add 192.0.10.0/24 encap ip id 1 dst 10.1.1.1 encap ip6 id 2 dst fd00::1 dev v0
x route del 192.0.7.0/24 nexthop via 10.0.0.2 via 10.0.0.7
x route add 192.0.11.0/24 dev v0 src 10.0.0.1 src 10.1.0.1 realms 1 realms 2 metric 1 metric 2
x route add 192.0.12.0/24 dev v0 table 500 table main
x route add 192.0.13.0/24 dev v0 table main table 500
x route add 192.0.14.0/24 dev v0 table 500 table 600
x route add 192.0.15.0/24 dev v0 table 5 table main
x -6 route add fd00:2::/64 nexthop via 2001:db8::2 via 2001:db8:1::3
x -6 route add fd00:3::/64 nexthop via 2001:db8::2 via 2001:db8::3 nexthop via 2001:db8::2
x -6 route add fd00:4::/64 nexthop via 2001:db8::2 nexthop via 2001:db8::3 via any
x -6 route append fd00:4::/64 nexthop via 2001:db8::9 via 2001:db8::2
x -6 route add fd00:5::/64 nexthop dev v1 nexthop encap ip6 id 1 dst fd00::1 encap ip id 2 dst 10.1.1.1 dev v0
x route show table all
x -6 route
END
}

@test "route change, replace, append, prepend, test, del" {
	both <<'END'
x route add 192.0.2.0/24 via 10.0.0.2
x route add 192.0.2.0/24 via 10.0.0.3
x route replace 192.0.2.0/24 via 10.0.0.4
x route append 192.0.2.0/24 via 10.0.0.5
x route prepend 192.0.2.0/24 via 10.0.0.6
x route change 192.0.2.0/24 via 10.0.0.7 mtu 1300
x route chg 192.0.9.0/24 via 10.0.0.7
x route test 192.0.2.0/24 via 10.0.0.7
x route re 192.0.8.0/24 dev v1
x route
x route del 192.0.2.0/24 via 10.0.0.5
x route del 192.0.2.0/24 dev v0 proto boot scope global
x route del 192.0.7.0/24
x route d 192.0.2.0/24
x route
x -6 route add fd00:1::/64 dev v0
x -6 route append fd00:1::/64 dev v1
x -6 route replace fd00:1::/64 via 2001:db8::9
x -6 route del fd00:1::/64
x -6 route
END
}

@test "route list: every selector, in text and JSON" {
	both <<'END'
x route add 192.0.2.0/24 via 10.0.0.2 proto static
x route add 192.0.2.128/25 via 10.0.0.3 proto bird metric 7
x route add 192.0.0.0/16 dev v1 src 10.1.0.1
x route add blackhole 192.0.2.200
x route add default via 10.1.0.254 realms 7
x route add 192.0.2.0/24 via 10.0.0.9 table 100
x route add 192.0.3.0/24 tos 8 via 10.0.0.9
x -6 route add fd00:1::/64 via 2001:db8::2 proto static
x -6 route add fd00:2::/64 from 2001:db8:9::/48 via 2001:db8::2
x -6 route add default via 2001:db8::fe metric 5
sed 's/^/route list /' >sel <<'EOS'
table all
table 100
table local
table cache
cached
cloned
dev v0
oif v1
iif v0
via 10.0.0.2
via 10.0.0.0/24
via inet 10.0.0.3
via 2001:db8::2
src 10.1.0.1
src 10.0.0.0/8
proto static
proto kernel
scope link
scope global
scope 253
type blackhole
type unicast
type local table all
root 192.0.0.0/16
match 192.0.2.130
exact 192.0.2.0/24
to root 10/8
to match 10.0.0.7
192.0.2.0/24
192.0.2.5
default
0/0
root 0/0
exact default
all
any
tos 8
tos 0
dsfield 0x10
metric 7
metric 0
realms 7
realms 7/
mark 5
from default
from 2001:db8:9::/48
from root 2001:db8::/32
from match 2001:db8:9::1
dev v0 dev v1
dev v0 proto kernel scope link
t 100
EOS
grep -vE '[0-9]\.[0-9]| inet | [0-9]+/' sel >sel6
for f in -d '-j -d' '-N -o'; do x $f -force -batch sel; done
for f in -6 '-6 -j'; do x $f -force -batch sel6; done
while read -r s; do x route show $s; done <<'EOS'
realms /7
proto all
scope all
table nosuch
table 4711
dev nosuch
via zz
proto nosuch
type nosuch
realms x
root
dev
bogus
EOS
END
}

@test "route flush: selectors, statistics, what is left" {
	both <<'END'
cat >fill <<'EOS'
route add 192.0.2.0/24 via 10.0.0.2 proto static
route add 192.0.2.128/25 via 10.0.0.3 proto bird metric 7
route add blackhole 192.0.2.200
route add default via 10.1.0.254
route add 192.0.2.0/24 via 10.0.0.9 table 100
route add fd00:1::/64 via 2001:db8::2 proto static
EOS
for s in 'proto static' 'table 100' 'type blackhole' default '192.0.2.0/24' 'root 192.0.2.0/24' \
	'match 192.0.2.130' 'via 10.0.0.3' 'dev v1' 'metric 7' cache 'table cache' 'table all proto static' \
	'table main'; do
	echo "route flush $s"
	echo 'route show table all type unicast'
	cat fill
done >all
for f in -s '-s -s -j'; do x $f -force -batch all; done
grep -vE '[0-9]\.[0-9]' all | x -6 -s -s -force -batch -
printf 'route flush table 4711\nroute show\n' | x -s -batch -
x route flush
x -6 route flush
x route flush bogus
x route flush table 4711
END
}

@test "save files go both ways between ip and prt" {
	both <<'END'
x route add 192.0.2.0/24 via 10.0.0.2 proto static mtu 1400
x route add 192.0.3.0/24 nexthop via 10.0.0.2 nexthop via 10.1.0.2
x route add blackhole 192.0.4.0/24
x -6 route add fd00:1::/64 via 2001:db8::2 metric 5
"$TOOL" route save >a
"$TOOL" route save table all >b
"$TOOL" -6 route save proto static >c
ip route save >d
for f in a b c d; do
	stat -c %s $f
	ip route showdump <$f
	x -d route showdump <$f
	x -j route showdump <$f
	x -6 route showdump <$f
done
sys ip route del 192.0.2.0/24
sys ip route flush 192.0.3.0/24
x route restore <a
x route
sys ip route flush table main
x route restore <b
x route
sys ip route flush 192.0.2.0/24
ip route restore <a 2>/dev/null
x route
x route showdump </dev/null
echo x >e; x route restore <e
head -c 100 a >g; x route showdump <g
x route restore <g
{ head -c 4 a; head -c 64 /dev/zero; } >h
{ head -c 4 a; head -c 64 /dev/zero | tr '\0' '\377'; } >i
for n in 3 4 5 19 20 21 40 60 70; do head -c $n a >cut.$n; done
for f in h i cut.*; do x route restore <$f; x route showdump <$f; done
x route save bogus
END
}

@test "a save file is restored from a pipe, which ip cannot do" {
	# shellcheck disable=SC2016
	run -0 unshare -rn bash -c 'ip link set lo up; ip route add 192.0.2.0/24 dev lo
		prt route save >"$0"; ip route del 192.0.2.0/24; cat "$0" | prt route restore; ip route' "$BATS_TEST_TMPDIR/f"
	[ "$output" = "192.0.2.0/24 dev lo scope link " ]
}

@test "nexthop objects" {
	both <<'END'
sys ip nexthop add id 1 via 10.0.0.2 dev v0
sys ip nexthop add id 2 via 10.1.0.2 dev v1
sys ip nexthop add id 3 blackhole
sys ip nexthop add id 4 via 2001:db8::2 dev v0
sys ip nexthop add id 10 group 1/2,5
sys ip nexthop add id 11 group 1/2 type resilient buckets 8 idle_timer 60
x route add 192.0.2.0/24 nhid 1
x route add 192.0.3.0/24 nhid 10
x route add 192.0.4.0/24 nhid 3
x route add 192.0.5.0/24 nhid 4
x route add 192.0.6.0/24 nhid 11
x route add 192.0.7.0/24 nhid 99
x -6 route add fd00:1::/64 nhid 4
for f in -d '-d -j' '-d -o' -j -s; do x $f route; x $f -6 route; done
x -d route get fibmatch 192.0.3.1
END
}

@test "encapsulations" {
	both <<'END'
n=0
while read -r e; do
	n=$((n + 1))
	x route add 192.0.$n.0/24 encap $e dev v0
	x -6 route add fd00:$n::/64 encap $e dev v0
done <<'EOS'
mpls 100/200
mpls 100 ttl 9
ip id 42 src 10.1.1.1 dst 10.2.2.2 ttl 64 tos 8 key csum seq
ip id 42
ip6 id 1 src fd00::1 dst fd00::2 hoplimit 64 tc 4
seg6 mode encap segs fd00::1,fd00::2
seg6 mode inline segs fd00::1
seg6 mode l2encap segs fd00::1 hmac 5
seg6local action End
seg6local action End.X nh6 fd00::9
seg6local action End.T table 100
seg6local action End.DX4 nh4 10.0.0.1 count
seg6local action End.B6 srh segs fd00::1,fd00::2
seg6local action End.DX2 oif v1
rpl segs fd00::1,fd00::2
ioam6 trace prealloc type 0x800000 ns 1 size 12
ioam6 freq 2/9 mode encap tundst fd00::7 trace prealloc type 0x800000 ns 1 size 12
xfrm if_id 5
ila 1:2:3:4
mpls x
ip id x
bogus 1
EOS
x route add 198.51.100.0/24 nexthop encap ip id 1 dst 10.9.9.9 via 10.0.0.2 nexthop encap ip id 2 via 10.1.0.2
for f in '' -j -d '-s -j' -o -c=always; do x $f route; x $f -6 route; done
END
}

@test "wrong usage and refusals have ip's status" {
	both <<'END'
while read -r w; do x $w; done <<'EOS'
route help
route hel
route add
route add help
route add to
route add blackhole
route add 192.0.2.0/24
route add 192.0.2.0/24 via
route add 192.0.2.0/24 dev
route add 192.0.2.0/24 dev v0 src
route add 192.0.2.0/24 dev v0 src 9.9.9.9
route add 192.0.2.0/24 dev v0 metric x
route add 192.0.2.0/24 dev v0 table
route add 192.0.2.0/24 dev v0 proto nosuch
route add 192.0.2.0/24 dev v0 tos 1000
route add 192.0.2.0/24 dev v0 192.0.3.0/24
route add 192.0.2.0/24 via 172.16.0.1
route add 10.0.0.0/33 dev v0
route add 1.2.3.4.5 dev v0
route add 0x0a000000/8 dev v0
route add zz dev v0
route add 192.0.2.0/24 via fd00::1
route add 192.0.2.0/24 via inet6 10.0.0.2
route add 192.0.2.0/24 via link 00:11:22:33:44:55 dev v0
route add 192.0.2.0/24 via mpls 5 dev v0
route add 192.0.2.0/24 via bridge any dev v0
route add 192.0.2.0/24 via bridge 10.0.0.2 dev v0
route list via bridge default
-6 route add fd00::/64 nexthop via bridge default dev v0
route add 192.0.2.0/24 dev v0 congctl ''
route add 192.0.2.0/24 dev v0 congctl aaaaaaaaaaaaaaaaaaaaaaaa
-6 route add fd00::/64 dev v0 congctl lock ''
route del 192.0.2.0/24 congctl aaaaaaaaaaaaaaaaaaaaaaaa
-4 route add fd00::/64 dev v0
-6 route add 192.0.2.0/24 dev v0
-6 route add fd00::/64 dev v0 tos 8
route add 192.0.2.0/24 dev v0 pref low
route add 192.0.2.0/24 dev v0 expires 5
route add 192.0.2.0/24 dev v0 ttl-propagate d
route add 192.0.2.0/24 dev v0 vrf nosuch
route add 192.0.9.0/24 d v0
route add 192.0.9.0/24 dev v0 m 5
route add 192.0.9.0/24 dev v0 f ecn
route nosuch
route del 192.0.2.0/24 via 1.1.1.1
-B route
-0 route
-M route
-f mpls route
-f mpls route add 100 dev v0
-f mpls route add 100 as 200 via inet 10.0.0.2
-f link route
-0 route get 1.2.3.4
-0 route get default
-0 route add 1.2.3.4 dev v0
-0 route add default via 10.0.0.2 dev v0
-0 route list 1.2.3.4
-B route get 1.2.3.4
-B route add default via 10.0.0.2 dev v0
route show nosuch
route show table
EOS
x route
END
}

@test "what completion offers is in the manual page" {
	local word page=$NP_TOP/man/prt-route.8
	for word in $(prt --complete route add '') $(prt --complete route add 10/8 nexthop '') \
		$(prt --complete route list '') $(prt --complete get '') $(prt --complete route ''); do
		grep -qw -e "$word" "$page" || {
			echo "not in prt-route.8: $word"
			return 1
		}
	done
}

@test "completion follows the words before" {
	[ "$(prt --complete route add 10.0.0.0/8 mt)" = mtu ]
	[ "$(prt --complete route add 10.0.0.0/8 dev '')" = '<DEV>' ]
	[ "$(prt --complete route add 10.0.0.0/8 encap seg)" = $'seg6\nseg6local' ]
	[ "$(prt --complete route add 10.0.0.0/8 nexthop via 10.0.0.1 w)" = weight ]
	[ "$(prt --complete route list type bl)" = blackhole ]
	[ "$(prt --complete route add default table ma)" = main ]
	[ "$(prt --complete route list proto ker)" = kernel ]
	[ "$(prt --complete route add default scope ho)" = host ]
	[ "$(prt --complete route add default pref '' | sort)" = $'high\nlow\nmedium' ]
	[ "$(prt --complete route add default tos AF11)" = AF11 ]
	[ "$(prt --complete route add default realms cos)" = cosmos ]
	[ "$(prt --complete route add default onlink mt)" = mtu ]
	[ "$(prt --complete route add default via '')" = '' ]
	[ "$(prt --complete get 10.0.0.1 fib)" = fibmatch ]
}
