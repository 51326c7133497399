/** The words of the Vehicles view. */
import { bilingual } from '../../words/bilingual.ts'

export const vehiclesWords = bilingual({
  en: {
    waiting: 'Reading what is known of vehicles…',
    none: 'No vehicle yet',
    noneTip: 'Add one in Links: its RS485 bus or LiDAR plugged in here, or its address in the network.',
  },
  vi: {
    waiting: 'Đang đọc thông tin xe…',
    none: 'Chưa có xe',
    noneTip: 'Thêm trong Kết nối: bus RS485 hoặc LiDAR cắm tại đây, hoặc địa chỉ của xe trong mạng.',
  },
})
